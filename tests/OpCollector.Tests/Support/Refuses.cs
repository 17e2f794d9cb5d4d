namespace OpCollector.Tests.Support;

/// <summary>How a server may refuse to be asked from an id that is no event.</summary>
public enum Refuses
{
    Nothing,
    WithAnError,
    WithAnEmptyPage,
    WithTheNewestPage,
}
