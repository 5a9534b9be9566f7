/*
 * `src/web/docs/`: The page at `/docs`: the OpenAPI document of each API, shown by Swagger UI. It reads documents, and sends no
 * request that they describe.
 */
import styles from 'swagger-ui-dist/swagger-ui.css?url';
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js?url';

/** What Swagger UI is asked for; https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
type SwaggerUi = (options: {
  readonly url: string;
  readonly domNode: HTMLElement;
  readonly supportedSubmitMethods: readonly string[];
  readonly defaultModelsExpandDepth: number;
  readonly docExpansion: 'list' | 'none';
  readonly validatorUrl: null;
}) => unknown;

interface Catalog {
  readonly linkset: readonly Readonly<Record<'service-desc' | 'service-doc', readonly [Target]>>[];
}

interface Target {
  readonly href: string;
  readonly title: string;
}

const [nav, main] = [document.querySelector('nav')!, document.querySelector('main')!];

/** Its styles as they ship, before those of this page. */
document.head.prepend(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: styles }));

/** The script as it ships: it sets a global. */
const loaded = new Promise<SwaggerUi>((resolve, reject) => {
  const script = document.createElement('script');
  script.src = bundle;
  script.onload = () => resolve(Reflect.get(window, 'SwaggerUIBundle') as SwaggerUi);
  script.onerror = () => reject(new Error('Swagger UI could not be loaded.'));
  document.head.append(script);
});

/** The path of a link: this page is shown by whichever name the host was called. */
const localOf = ({ href }: Target): string => {
  const { pathname, hash } = new URL(href);
  return pathname + hash;
};

async function start(): Promise<void> {
  const response = await fetch('./.well-known/api-catalog');
  if (!response.ok) throw new Error(`The list of APIs was answered ${response.status}.`);
  const { linkset }: Catalog = await response.json();
  const pages = new Map(
    linkset.map((links) => [new URL(links['service-doc'][0].href).hash, links['service-desc'][0]] as const),
  );
  const show = async () => {
    const hash = pages.has(location.hash) ? location.hash : [...pages.keys()].at(-1)!;
    const { title } = pages.get(hash)!;
    document.title = title;
    nav.replaceChildren(
      ...[...pages].map(([each, { title }]) => {
        const link = Object.assign(document.createElement('a'), { href: each, textContent: title });
        if (each === hash) link.ariaCurrent = 'page';
        return link;
      }),
    );
    const swaggerUi = await loaded;
    main.replaceChildren();
    swaggerUi({
      url: localOf(pages.get(hash)!),
      domNode: main.appendChild(document.createElement('div')),
      supportedSubmitMethods: [],
      defaultModelsExpandDepth: 0,
      docExpansion: 'list',
      validatorUrl: null, // it would be asked of another host
    });
  };
  addEventListener('hashchange', () => void show());
  await show();
}

start().catch((error: Error) => {
  main.textContent = error.message;
});
