namespace OpCollector.Http;

/// <summary>Why a request got no whole answer.</summary>
/// <param name="Reason">In words of ours.</param>
/// <param name="IsUntrusted">Whether it was a certificate, ours or theirs, and not the way there.</param>
/// <param name="ProxyStatus">What a proxy answered instead of making a way.</param>
/// <param name="IsTimeout">Whether the time for one attempt was over.</param>
internal sealed record HttpFailure(
    HttpRequestError Error,
    string Reason,
    bool IsUntrusted = false,
    int? ProxyStatus = null,
    bool IsTimeout = false);
