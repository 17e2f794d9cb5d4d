using System.Globalization;

namespace OpCollector.Report.Markup;

/// <summary>A place in a page that links lead to. Its name is made here, of letters and digits, and never of a text of others.</summary>
internal readonly record struct Anchor
{
    readonly string _name;

    Anchor(string name) => _name = name;

    /// <summary>The only one of its kind.</summary>
    public static Anchor The(AnchorKind place) => new(place.ToString().ToLowerInvariant());

    /// <summary>One of several of a kind.</summary>
    public static Anchor Create(AnchorKind place, int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{place.ToString().ToLowerInvariant()}-{number}"));

    public override string ToString() => _name;
}

/// <summary>What an anchor marks.</summary>
internal enum AnchorKind
{
    Main,
    Figures,
    Timeline,
    Findings,
    Hours,
    Active,
    Access,
    Failures,
    Collector,
    Events,
    Finding,
    List,
    Heading,
    Filter,
    Contains,
    Shown,
}
