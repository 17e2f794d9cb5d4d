namespace OpCollector.Delivery.Forms;

/// <summary>What an event is in the Open Cybersecurity Schema Framework: its class, and what was done.</summary>
/// <param name="Uid">The class; its first digit is the category.</param>
internal readonly record struct OcsfClass(int Uid, int Activity)
{
    public const int Base = 0;
    public const int DetectionFinding = 2004;
    public const int AccountChange = 3001;
    public const int Authentication = 3002;
    public const int EntityManagement = 3004;
    public const int UserAccess = 3005;
    public const int GroupManagement = 3006;
    public const int WebResources = 6001;

    /// <summary>What was done is not known.</summary>
    public const int Unknown = 0;

    /// <summary>The action does not have a number, so its name is given.</summary>
    public const int Other = 99;

    /// <summary>1Password's words for actions and objects are shorter; of a longer one no more is looked at.</summary>
    public const int LongestWord = 64;

    public int Category => Uid / 1000;

    public int Type => (Uid * 100) + Activity;

    /// <summary>The class of an audit event.</summary>
    public static OcsfClass ForAudit(ReadOnlySpan<char> type, ReadOnlySpan<char> action) =>
        (type switch
        {
            "user" => ForUser(action),
            "mfa" => ForSecondFactor(action),
            "gm" => ForMembership(action),
            "group" => ForGroup(action),
            "gva" => ForAccess(GroupManagement, action),
            "uva" => ForAccess(UserAccess, action),
            _ => null,
        }) ?? ForEntity(action);

    /// <summary>The class of whatever has no class of its own.</summary>
    public static OcsfClass ForEntity(ReadOnlySpan<char> action) => new(EntityManagement, action switch
    {
        "" => Unknown,
        "create" => 1,
        "view" => 2,
        "update" or "patch" => 3,
        "delete" => 4,
        _ => Other,
    });

    /// <summary>The class of what was done with an item.</summary>
    public static OcsfClass ForUsage(ReadOnlySpan<char> action) => new(WebResources, action switch
    {
        "" => Unknown,
        "server-create" => 1,
        "reveal" or "secure-copy" or "fill" or "server-fetch" or "select-sso-provider" => 2,
        "enter-item-edit-mode" or "server-update" => 3,
        "export" => 7,
        "share" => 8,
        _ => Other,
    });

    static OcsfClass? ForUser(ReadOnlySpan<char> action) => action switch
    {
        "create" => new(AccountChange, 1),
        "activate" or "reactive" => new(AccountChange, 2),
        "changemp" or "changesk" => new(AccountChange, 3),
        "suspend" => new(AccountChange, 5),
        "delete" => new(AccountChange, 6),
        _ => ForSecondFactor(action),
    };

    static OcsfClass? ForSecondFactor(ReadOnlySpan<char> action) => action switch
    {
        "enblmfa" => new(AccountChange, 10),
        "disblmfa" => new(AccountChange, 11),
        _ => null,
    };

    static OcsfClass? ForMembership(ReadOnlySpan<char> action) => action switch
    {
        "join" => new(GroupManagement, 3),
        "leave" => new(GroupManagement, 4),
        "role" => new(GroupManagement, 12),
        _ => null,
    };

    static OcsfClass? ForGroup(ReadOnlySpan<char> action) => action switch
    {
        "delete" => new(GroupManagement, 5),
        "create" => new(GroupManagement, 6),
        "update" => new(GroupManagement, 9),
        _ => null,
    };

    static OcsfClass? ForAccess(int uid, ReadOnlySpan<char> action) => action switch
    {
        "grant" or "update" => new(uid, 1),
        "revoke" => new(uid, 2),
        _ => null,
    };
}
