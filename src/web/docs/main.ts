/*
 * `src/web/docs/`: The page at `/docs`: the OpenAPI document of each API, shown by Swagger UI, from which requests can be tried with
 * a token that is pasted in, or got for a key and secret. It keeps neither.
 */
import styles from 'swagger-ui-dist/swagger-ui.css?url';
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js?url';

/** What Swagger UI is asked for; https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
type SwaggerUi = (options: {
  readonly url: string;
  readonly domNode: HTMLElement;
  readonly defaultModelsExpandDepth: number;
  readonly docExpansion: 'list' | 'none';
  readonly validatorUrl: null;
  readonly plugins: readonly object[];
  requestInterceptor<Asked extends { url: string }>(request: Asked): Asked;
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

/** A link of the service as a path: this page, and what is tried on it, is by whichever name the host was called. */
const localOf = (href: string): string => {
  const { pathname, search, hash } = new URL(href, location.href);
  return pathname + search + hash;
};

/** A list and a map of Immutable.js, as far as they are looked at here. */
interface List<Item> {
  filter(isLeft: (item: Item) => boolean): List<Item>;
}
type Schemes = ReadonlyMap<string, { get(name: 'scheme' | 'in'): string | undefined }>;

/** A page can neither sign by OAuth 1.0a nor set a cookie: who is signed in here calls as themselves without any of it. */
const canBeGiven = (schemes: Schemes): boolean =>
  [...schemes.values()].every((scheme) => scheme.get('scheme') !== 'OAuth' && scheme.get('in') !== 'cookie');

type Select = (...of: unknown[]) => List<Schemes> | undefined;
const givenAlone =
  (select: Select): Select =>
  (...of) =>
    select(...of)?.filter(canBeGiven);

/** Has it ask for those credentials alone that can be given to it. */
const credentials = {
  statePlugins: {
    auth: { wrapSelectors: { definitionsToAuthorize: givenAlone, definitionsForRequirements: givenAlone } },
  },
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
    const { title, href } = pages.get(hash)!;
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
      url: localOf(href),
      domNode: main.appendChild(document.createElement('div')),
      defaultModelsExpandDepth: 0,
      docExpansion: 'list',
      validatorUrl: null, // it would be asked of another host
      plugins: [credentials],
      requestInterceptor: (request) => Object.assign(request, { url: localOf(request.url) }),
    });
  };
  addEventListener('hashchange', () => void show());
  await show();
}

start().catch((error: Error) => {
  main.textContent = error.message;
});
