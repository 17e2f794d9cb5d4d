namespace OpCollector.Tests.Support;

/// <summary>How a server may refuse to be asked from an id that is no event.</summary>
public enum RefusalKind
{
    Nothing,
    WithAnError,
    WithAnEmptyPage,
    WithTheNewestPage,
}
