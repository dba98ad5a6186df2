import type { Reader } from "./reader";
import { Store, type Item as Entry } from "./store";
import * as util from "./util";
import legacy = require("./legacy");

/** What a shop sells. */
export interface Product<T> extends Named, util.Priced<T> {
  readonly id: string;
  price?: number;
  describe(language: string): string;
  onSold: (buyer: Buyer) => void;
}

export type Price = number | Money<"EUR">;

/** Days on which the shop is open. */
export enum Day {
  Monday,
  Tuesday = "tue",
}

const enum Flag { On = 1 }

export abstract class Shop<T extends Product<T>> extends Building<T> implements Open, util.Closable {
  private items: Map<string, T> = new Map();
  static readonly limit: number = 10;
  protected abstract address(): Address;

  constructor(private readonly store: Store, name: string) {
    super(name);
  }

  /** Sells one. */
  @log("sale")
  sell(item: T, count = 1): Receipt {
    const receipt: Receipt = this.store.take(item);
    const printer = new Printer<Receipt>(receipt);
    printer.print();
    return receipt;
  }
}

export function find(shop: Shop<Entry>, id: string): Entry | undefined;
export function find(shop: any, id: any) {
  return shop.items.get(id) as Entry;
}

export const total = (items: Entry[]): number => items.map(priceOf).reduce(add);

let current: Shop<Entry>;

namespace Taxes {
  export const rate = 0.19;
  export function of(price: Price): Price {
    return util.scale(price, rate);
  }
}

declare module "plugins" {
  function register(plugin: Plugin): void;
}

declare const version: string;
export default Shop;

@Component({ selector: "shop" })
export class View {
  @Input() title: string;
  private pick = <K>(key: K): K => key;
}
