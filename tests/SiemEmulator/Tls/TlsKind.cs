namespace SiemEmulator.Tls;

/// <summary>What a client meets before HTTP.</summary>
internal enum TlsKind
{
    None,

    /// <summary>A certificate for localhost of the emulator's own authority.</summary>
    Good,
    Expired,
    NotYetValid,
    WrongHost,
    SelfSigned,

    /// <summary>Good, but of an authority that is not the one in <see cref="TlsFiles.Authority"/>.</summary>
    UnknownAuthority,

    /// <summary>Good, and the client has to show a certificate of the same authority.</summary>
    ClientCertificateRequired,

    /// <summary>The connection is taken, and then nothing.</summary>
    HandshakeStalls,

    /// <summary>Plain HTTP on the port that the https address names.</summary>
    PlainHttp,

    /// <summary>Nothing newer than TLS 1.1.</summary>
    Old,
}
