import { Opening } from '../view/shell/Opening.tsx';
import { Shell } from '../view/shell/Shell.tsx';
import { Unreachable } from '../view/shell/Unreachable.tsx';
import { SignIn } from '../view/sign-in/SignIn.tsx';
import { useStore } from './sori-context.tsx';

export function App() {
  const phase = useStore((state) => state.phase);
  switch (phase.name) {
    case 'starting':
      return <Opening />;
    case 'unreachable':
      return <Unreachable />;
    case 'signed-out':
      return <SignIn reason={phase.reason} />;
    case 'signed-in':
      return <Shell />;
    default:
      return phase satisfies never;
  }
}
