namespace Trainyard.Core.Transfer;

/// <summary>One element of a pattern for a single name. Units are those of <see cref="NameUnits"/>.</summary>
internal abstract record GlobToken
{
    private GlobToken() { }

    /// <summary>Whether the token stands for exactly this unit or for one like it.</summary>
    public bool Takes(int unit) =>
        this switch
        {
            Unit one => one.Value == unit,
            One => true,
            Set set => set.Holds(unit),
            _ => false,
        };

    /// <summary>This unit.</summary>
    public sealed record Unit(int Value) : GlobToken;

    /// <summary><c>?</c>: any one unit.</summary>
    public sealed record One : GlobToken;

    /// <summary><c>*</c>: any number of units, none included.</summary>
    public sealed record Many : GlobToken;

    /// <summary><c>[..]</c>: one unit within one of the ranges, or within none of them.</summary>
    /// <param name="IsNegated">Whether the unit must lie outside.</param>
    /// <param name="Ranges">Both ends included.</param>
    public sealed record Set(bool IsNegated, (int From, int To)[] Ranges) : GlobToken
    {
        /// <summary>Whether the set has this unit.</summary>
        public bool Holds(int unit)
        {
            foreach (var (from, to) in Ranges)
                if (unit >= from && unit <= to)
                    return !IsNegated;
            return IsNegated;
        }
    }
}
