using System;
using static System.Math;
using Log = Company.Logging.Logger;
using System.Collections.Generic;

namespace Company.Kitchen;

/// <summary>What can be eaten.</summary>
public interface IFood : IThing, IEquatable<IFood>
{
    string Name { get; }
    int Weigh(Scale scale);
}

public delegate void Cooked(Dish dish);

[Flags]
public enum Taste { Sweet = 1, Sour }

public record Portion(int Grams, string Plate) : Base(Plate), IFood;

public struct Point { public int X; }

/// <summary>
/// Cooks dishes.
/// </summary>
[Route("api/cook"), Authorize]
public sealed partial class Cook<T> : Worker, IFood where T : Dish, new()
{
    private const int Most = 4;
    private static readonly List<Dish> dishes = new();
    private readonly Oven _oven, _spare;

    public event EventHandler<Dish> Done;

    /// Its name.
    [JsonIgnore]
    public string Name { get; set; } = MakeName();
    public int Count => dishes.Count;
    public Dish this[int index] => dishes[index];

    public Cook(Oven oven, Log log) : base(oven)
    {
        _oven = oven;
        this._spare = new Oven();
    }

    [HttpGet("{id}")]
    public async Task<Dish> Bake<TIn>(TIn input, int minutes = 5)
    {
        var dish = new Dish<TIn>(input);
        Dish other = await _oven.Heat(dish, minutes);
        Log.Write($"done {nameof(Bake)}");
        Done?.Invoke(other);
        Func<int, int> twice = x => Double(x);
        var all = dishes.Where(IsReady).Select(d => d.Taste);
        int Local(int n) { return n + minutes; }
        foreach (Dish each in all) Serve(each);
        Done += OnDone;
        return Pick<Dish>(other) ?? throw new BurntException(nameof(dish));
    }

    public static bool operator ==(Cook<T> a, Cook<T> b) => Equals(a, b);
    ~Cook() { Dispose(); }
    public int Weigh(Scale scale) => scale.Weigh(this);

    class Helper { Helper() { } }
}

public static class Extensions
{
    public static Dish Twice(this Dish dish) => dish.Add(dish);
}
