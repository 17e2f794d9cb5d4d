using System.Security.Cryptography;
using System.Text;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection;

/// <summary>The fields that correlations group by and count, as the event in a view says them. What several ask for is read once.</summary>
/// <param name="count">How many fields there are.</param>
internal sealed class CorrelatedFields(EventView view, int count)
{
    const int LongestValue = 100;
    static readonly string BetweenValues = $"{Correlation.BetweenValues}";

    readonly string?[] _folded = new string?[count];
    readonly bool[] _isFolded = new bool[count];

    /// <summary>Forgets what was read from the last event.</summary>
    public void Begin() => Array.Clear(_isFolded);

    /// <summary>What of the event is counted; false where it lacks one of the fields.</summary>
    public bool TryValue(Correlation rule, CorrelationMember member, out string? value)
    {
        value = null;
        if (rule.Type == CorrelationType.Travel)
        {
            value = ImpossibleTravel.PlaceOf(ValueOf(member, 0), ValueOf(member, 1), ValueOf(member, 2) ?? ValueOf(member, 3));
            return value is not null;
        }

        if (member.Values.Length == 0)
        {
            return true;
        }

        foreach (var field in member.Values)
        {
            if (FoldedText(field.Slot) is not { } said)
            {
                return false;
            }

            var counted = Counted(said, field.Kind);
            value = value is null ? counted : string.Concat(value, BetweenValues, counted);
        }

        return !rule.IsCalculated || NumberText.Parse(value!) is not null;
    }

    static string Counted(string said, FieldKind kind) => kind switch
    {
        // One country is one, whether an event says its code or its name.
        FieldKind.Country => Countries.CodeOf(said) ?? Short(said),
        FieldKind.Network => Networks.Around(said) ?? Short(said),
        FieldKind.Counters => said.Split(',') is [_, _, var deleted, ..] ? deleted : said,
        _ => Short(said),
    };

    string? ValueOf(CorrelationMember member, int at) => at < member.Values.Length ? FoldedText(member.Values[at].Slot) : null;

    // Upper and lower case are alike; and several rules ask for the same fields of an event.
    string? FoldedText(int slot)
    {
        if (slot >= _folded.Length)
        {
            return view.FirstTextFolded(slot);
        }

        if (!_isFolded[slot])
        {
            (_folded[slot], _isFolded[slot]) = (view.FirstTextFolded(slot), true);
        }

        return _folded[slot];
    }

    // Values are only compared, and some are as long as their sender likes.
    static string Short(string value) =>
        value.Length <= LongestValue ? value : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))}";

    /// <summary>Null where the event lacks one of the fields: what is absent is equal to nothing, and no group.</summary>
    public string? KeyOf(CorrelationMember member)
    {
        var key = member.Group.Length == 0 ? "" : null;
        foreach (var slot in member.Group)
        {
            if (FoldedText(slot) is not { } said)
            {
                return null;
            }

            key = key is null ? said : string.Concat(key, BetweenValues, said);
        }

        return key;
    }

    /// <summary>What the matches have in common, in the event's own spelling.</summary>
    public (string Field, string Value)[] GroupOf(Correlation rule, CorrelationMember member) =>
        [.. rule.GroupBy.Zip(member.Group, (field, slot) => (field, view.FirstText(slot) ?? ""))];
}
