import React, { useState } from "react";
import { Button } from "./button";

interface CounterProps {
  start: number;
  onDone?: (count: number) => void;
}

/** Counts how often a button is pressed. */
export function Counter({ start, onDone }: CounterProps): JSX.Element {
  const [count, setCount] = useState<number>(start);
  const press = () => setCount(count + 1);
  return (
    <div>
      <Button label="more" onPress={press} />
      <Forms.Field value={count}>{render(count)}</Forms.Field>
    </div>
  );
}

export const Title: React.FC<{ text: string }> = ({ text }) => <h1>{text}</h1>;
