using System.Collections;
using System.Runtime.CompilerServices;

namespace Trainyard.Core.Machine;

/// <summary>The commands that one step of a machine asks its interpreter to carry out, in this order.</summary>
/// <typeparam name="T">The machine's command type.</typeparam>
/// <remarks>
/// Strict (nothing is computed on enumeration), immutable, equal by content, and safe with collection expressions:
/// <c>[a, b]</c> holds two commands. <c>default</c> holds none. Thread-safe.
/// </remarks>
[CollectionBuilder(typeof(Commands), nameof(Commands.Create))]
public readonly struct Commands<T> : IEquatable<Commands<T>>, IReadOnlyList<T>
{
    private readonly T[]? _items;

    internal Commands(T[] items) => _items = items;

    /// <summary>How many commands there are.</summary>
    public int Count => _items?.Length ?? 0;

    /// <summary>The command at <paramref name="index"/>, counted from 0.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such command.</exception>
    public T this[int index] => (_items ?? [])[index];

    /// <summary>The commands of this step followed by those of <paramref name="next"/>.</summary>
    public Commands<T> Then(Commands<T> next) =>
        Count == 0 ? next
        : next.Count == 0 ? this
        : new([.. AsSpan(), .. next.AsSpan()]);

    /// <summary>The commands as a span, without a copy.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <summary>Enumerates without allocating.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_items ?? []).GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Commands<T> other)
    {
        if (Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
            if (!EqualityComparer<T>.Default.Equals(this[i], other[i]))
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Commands<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in this)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The commands in brackets, separated by commas.</summary>
    public override string ToString() => $"[{string.Join(", ", (IEnumerable<T>)this)}]";

    /// <summary>Whether both hold equal commands in the same order.</summary>
    public static bool operator ==(Commands<T> left, Commands<T> right) => left.Equals(right);

    /// <summary>Whether the two differ in a command or in the order.</summary>
    public static bool operator !=(Commands<T> left, Commands<T> right) => !left.Equals(right);
}

/// <summary>Builds <see cref="Commands{T}"/> from collection expressions.</summary>
public static class Commands
{
    /// <summary>Copies <paramref name="items"/> into a command list.</summary>
    public static Commands<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? default : new(items.ToArray());
}
