<?php
declare(strict_types=1);

namespace App\Shop;

use App\Models\Item;
use App\Models\{Basket, Customer as Client};
use App\Support\Money as Cash, App\Support\Tax;
use function App\Support\round_up;
use const App\Support\LIMIT;

require_once __DIR__ . '/helpers.php';
include 'config.php';

const VERSION = '1.0';
define('MOST', 10);

/** Can be sold. */
interface Sellable extends Named, \Countable
{
    const KIND = 'thing';
    public function sell(Client $client, int $count = 1): ?Receipt;
}

trait Logs
{
    protected array $lines = [];
    abstract public function name(): string;
    private function log(string $line): void { $this->lines[] = $line; }
}

enum Status: string implements Named
{
    case Open = 'open';
    case Closed = 'closed';
    public static function first(): self { return self::Open; }
}

/**
 * A shop that sells items.
 */
#[Route('/shop', name: 'shop')]
final class Shop extends Building implements Sellable, \JsonSerializable
{
    use Logs, Models\Counts;

    public const MOST = 5;
    private static ?Shop $instance = null;
    public Item|null $first;

    public function __construct(private Store $store, protected readonly Tax $tax)
    {
        parent::__construct();
        $this->basket = new Basket($store);
    }

    // Sells it.
    #[Pure]
    public function sell(Client $client, int $count = 1): ?Receipt
    {
        $item = $this->store->find($client->name());
        $cash = new Cash(round_up($count));
        $total = Tax::of($item);
        $this->log("sold $count");
        $twice = fn(int $n): int => double($n);
        $each = function ($x) use ($item) { return $item?->price($x); };
        array_map('trim', array_map([$this, 'log'], []));
        static::$instance = self::make();
        usort($items, compare(...));
        try { pay(); } catch (PayError $error) { throw new \RuntimeException($error); }
        return $item instanceof Item ? new Receipt() : null;
    }
}

function helper(Shop $shop): Shop
{
    global $config;
    return $shop->open(Status::Open);
}

$shop = new Shop(new Store());
$name = helper($shop);
