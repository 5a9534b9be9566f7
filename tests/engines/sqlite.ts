process.env.ENGINE = 'sqlite';
