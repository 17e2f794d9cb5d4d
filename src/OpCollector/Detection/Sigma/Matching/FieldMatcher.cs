using System.Text.Json;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>
/// A field with a value that passes one of the tests; an absent field passes none. An array's elements are tried one by one.
/// </summary>
internal sealed class FieldMatcher : Matcher
{
    const int FewTests = 4;

    readonly int _slot;
    readonly ValueTest[] _tests;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _whole;

    public FieldMatcher(int slot, bool isAction, IReadOnlyList<ValueTest> tests)
    {
        _slot = slot;
        var whole = tests.Select(test => test.Whole).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (isAction && tests.All(test => test.Whole is not null))
        {
            Actions = whole;
        }

        // A watch list is looked up, not gone through.
        _whole = whole.Count > FewTests ? whole.GetAlternateLookup<ReadOnlySpan<char>>() : null;
        _tests = [.. tests.Where(test => _whole is null || test.Whole is null)];
    }

    public override IReadOnlySet<string>? Actions { get; }

    // Nothing to compare with is what an empty list leaves.
    public override bool CanMatch => _tests.Length > 0 || _whole is not null;

    public override bool CanExclude => CanMatch || IsOptional;

    /// <summary>Whether it only leaves out what lists name that may be empty.</summary>
    public bool IsOptional { get; init; }

    public override bool Matches(EventView view)
    {
        for (var at = view.First(_slot); at >= 0; at = view[at].Next)
        {
            ref readonly var value = ref view[at];
            if (_whole is { } whole && value.IsScalar && whole.Contains(view.Text(value)))
            {
                return true;
            }

            foreach (var test in _tests)
            {
                if (test.Matches(view, value))
                {
                    return true;
                }
            }
        }

        return false;
    }
}

/// <summary>A field that is there, whatever its value, be it empty or null.</summary>
internal sealed class ExistsMatcher(int slot) : Matcher
{
    public override bool Matches(EventView view) => view.First(slot) >= 0;
}

/// <summary>A field that is absent, or null.</summary>
internal sealed class NullMatcher(int slot) : Matcher
{
    public override bool Matches(EventView view)
    {
        var at = view.First(slot);
        while (at >= 0 && view[at].Kind != JsonTokenType.Null)
        {
            at = view[at].Next;
        }

        return at >= 0 || view.First(slot) < 0;
    }
}
