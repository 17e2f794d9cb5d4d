namespace EventsApiEmulator;

/// <summary>How errors are told; both of 1Password's descriptions differ, and what stands in between speaks plainly.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"Error":{"Message":"…"}}</c>, as in the OpenAPI of 1.2.0.</summary>
    Nested,

    /// <summary><c>{"status":401,"message":"…"}</c>, as in the reference of 1.4.1.</summary>
    Flat,

    /// <summary>The text alone.</summary>
    Plain,
}
