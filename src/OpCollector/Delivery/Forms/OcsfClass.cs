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

    /// <summary>What was done has no number, and is told by its name.</summary>
    public const int Other = 99;

    public int Category => Uid / 1000;

    public int Type => (Uid * 100) + Activity;

    /// <summary>The class of an audit event.</summary>
    public static OcsfClass OfAudit(string type, string action) => (type, action) switch
    {
        ("user", "create") => new(AccountChange, 1),
        ("user", "activate" or "reactive") => new(AccountChange, 2),
        ("user", "changemp" or "changesk") => new(AccountChange, 3),
        ("user", "suspend") => new(AccountChange, 5),
        ("user", "delete") => new(AccountChange, 6),
        ("user" or "mfa", "enblmfa") => new(AccountChange, 10),
        ("user" or "mfa", "disblmfa") => new(AccountChange, 11),
        ("gm", "join") => new(GroupManagement, 3),
        ("gm", "leave") => new(GroupManagement, 4),
        ("gm", "role") => new(GroupManagement, 12),
        ("group", "delete") => new(GroupManagement, 5),
        ("group", "create") => new(GroupManagement, 6),
        ("group", "update") => new(GroupManagement, 9),
        ("gva", "grant" or "update") => new(GroupManagement, 1),
        ("gva", "revoke") => new(GroupManagement, 2),
        ("uva", "grant" or "update") => new(UserAccess, 1),
        ("uva", "revoke") => new(UserAccess, 2),
        _ => OfEntity(action),
    };

    /// <summary>The class of whatever has no class of its own.</summary>
    public static OcsfClass OfEntity(string action) => new(EntityManagement, action switch
    {
        "" => Unknown,
        "create" => 1,
        "view" => 2,
        "update" or "patch" => 3,
        "delete" => 4,
        _ => Other,
    });

    /// <summary>The class of what was done with an item.</summary>
    public static OcsfClass OfUsage(string action) => new(WebResources, action switch
    {
        "" => Unknown,
        "server-create" => 1,
        "reveal" or "secure-copy" or "fill" or "server-fetch" or "select-sso-provider" => 2,
        "enter-item-edit-mode" or "server-update" => 3,
        "export" => 7,
        "share" => 8,
        _ => Other,
    });
}
