using System.Globalization;

namespace OpCollector.Configuration;

/// <summary>Where a value of the configuration comes from.</summary>
internal abstract record ValueOrigin
{
    /// <summary>The origin in words.</summary>
    public abstract string Text { get; }

    /// <summary>The origin in words, below a heading that says the name of the file.</summary>
    public virtual string TextBelowFile => Text;
}

/// <summary>No file and no variable says it.</summary>
internal sealed record DefaultOrigin : ValueOrigin
{
    public override string Text => "default";
}

/// <summary>An environment variable says it.</summary>
internal sealed record VariableOrigin(string Variable) : ValueOrigin
{
    public override string Text => $"the environment variable {Variable}";
}

/// <summary>The configuration file says it.</summary>
/// <param name="Holder">What holds the secret that the file only names; empty for other values.</param>
internal sealed record FileOrigin(ConfigurationPlace Place, string Holder = "") : ValueOrigin
{
    public override string Text => $"{Place}{BehindPlace}";

    public override string TextBelowFile => string.Create(CultureInfo.InvariantCulture, $":{Place.Line}:{Place.Column}{BehindPlace}");

    string BehindPlace => Holder.Length == 0 ? "" : $", {Holder}";
}
