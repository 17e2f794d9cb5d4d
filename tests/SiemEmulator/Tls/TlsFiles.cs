namespace SiemEmulator.Tls;

/// <summary>The PEM files that a client is configured with; the keys have mode 600.</summary>
internal sealed record TlsFiles(string Directory)
{
    public string Authority => Path.Combine(Directory, "ca.pem");

    /// <summary>A certificate that the receiver trusts.</summary>
    public string Client => Path.Combine(Directory, "client.pem");

    public string ClientKey => Path.Combine(Directory, "client.key");

    /// <summary>A certificate of another authority.</summary>
    public string Stranger => Path.Combine(Directory, "stranger.pem");

    public string StrangerKey => Path.Combine(Directory, "stranger.key");
}
