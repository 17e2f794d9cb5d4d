using OpEmulator.Scenarios;

namespace OpEmulator.Faults;

/// <summary>Plays the faults that come instead of the server's answer.</summary>
internal static class FaultInstead
{
    public static void Play(Stage stage)
    {
        switch (stage.Fault)
        {
            case { Do: FaultKind.Exit } fault:
                throw Exit(stage, fault);
            case { Do: FaultKind.Http } fault:
                throw Http(stage, fault);
            case { Do: FaultKind.Network }:
                throw Network(stage);
        }
    }

    public static OpFailure Network(Stage stage)
    {
        // 0.2.1 prints the whole address, at a sign-in with e-mail, key id and device id.
        var path = stage.CommandLine.Command switch
        {
            "signin" => $"v2/auth/{stage.Scenario.Email}/A3/ABCDEF/z5fzyh26wmo6xhved5lpvj2xwy?email={stage.Scenario.Email}&type=mobile",
            "signout" => $"v1/session/signout?email={stage.Scenario.Email}",
            "list events" => $"v1/auditevents/319458129/newer?email={stage.Scenario.Email}&type=",
            _ => $"v1/users?state=&type=&email={stage.Scenario.Email}",
        };
        var cause = stage.Fault?.Text ?? $"dial tcp: lookup {stage.Scenario.Host} on 127.0.0.53:53: no such host";
        return stage.Dialect.Failure(stage.Dialect.FailedRequest(new Uri($"https://{stage.Scenario.Host}/api/{path}"), cause));
    }

    static OpFailure Exit(Stage stage, Fault fault)
    {
        var errors = fault.Stderr + (fault.Text is { } text ? stage.Dialect.Line(text) : "");
        return new OpFailure(Answer.Of(fault.Stdout, fault.Code) with { Errors = errors });
    }

    static OpFailure Http(Stage stage, Fault fault) => fault switch
    {
        { Status: 401, Text: null } when stage.CommandLine.Command == "signin" => stage.Dialect.WrongPassword(),
        { Status: 401, Text: null } => stage.Dialect.SessionEnded(),
        _ => stage.Dialect.Refusal(fault.Status, fault.Text ?? Reason(fault.Status)),
    };

    static string Reason(int status) => status switch
    {
        400 => "Bad Request",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        409 => "Conflict",
        429 => "Too Many Requests",
        445 => "Deprecated API. Update to the latest version.",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        // What 0.2.1 prints when the body tells it nothing.
        _ => "",
    };
}
