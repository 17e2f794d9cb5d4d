namespace OpCollector.Configuration;

/// <summary>A value that the program goes by, fit to be shown, and where it comes from.</summary>
/// <param name="Value">As JSON; of a secret three asterisks.</param>
internal sealed record ConfiguredValue(string Path, string Value, string Origin);
