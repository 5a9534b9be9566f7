process.env.ENGINE = 'postgres';
