namespace OpCollector.Events;

/// <summary>What marks an item as a finding, and what a person reads of it first.</summary>
/// <param name="Level">Of the rule, in small letters.</param>
/// <param name="Title">Of the rule.</param>
internal sealed record Headline(string Level, string Title)
{
    public string Text => $"{Level}  {Title}";
}
