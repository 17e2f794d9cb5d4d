namespace SiemEmulator.Receivers;

/// <summary>What a poll for acknowledgements is answered.</summary>
internal enum HecPolls
{
    /// <summary>True, once the false ones are used up.</summary>
    True,

    Never,

    /// <summary>400 with code 14, though the token gives out ids.</summary>
    Disabled,

    /// <summary>200 with JSON that breaks off.</summary>
    Garbage,
}
