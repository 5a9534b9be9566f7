import { render } from 'preact';

render(<p>rollbook</p>, document.getElementById('page')!);
