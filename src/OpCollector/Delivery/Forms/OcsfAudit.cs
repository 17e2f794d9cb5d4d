using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// An audit event, of op too, as the class that fits: Account Change, User Access Management, Group Management, or Entity Management for
/// all else.
/// </summary>
internal static class OcsfAudit
{
    public static void Write(NestedJson json, OcsfMembers members, ActivityEvent item)
    {
        var type = members.Word(OcsfMember.ObjectType, stackalloc char[OcsfClass.LongestWord]);
        var action = members.Word(OcsfMember.Action, stackalloc char[OcsfClass.LongestWord]);
        var target = OcsfEntity.Object(members);
        var aux = OcsfEntity.Aux(members);
        var of = OcsfClass.ForAudit(type, action);
        // A class needs its main object.
        if (!(of.Uid == OcsfClass.UserAccess || type is "gva" ? aux : target).IsKnown)
        {
            of = OcsfClass.ForEntity(action);
        }

        // What a class says in its own numbers is also given in the words of 1Password.
        var activity = of.Activity == OcsfClass.Other ? members.Text(OcsfMember.Action) : default;
        OcsfBeginning.Write(json, of, activity, 1, members, item, Streams.Audit);
        WriteActor(json, members);
        WriteTarget(json, of, isOfGroup: type is "gva", target, aux, members);
        OcsfParts.WriteEndpoint(json, members, OcsfMember.SessionIp, OcsfMember.SessionDevice);
    }

    static void WriteTarget(NestedJson json, OcsfClass of, bool isOfGroup, OcsfEntity target, OcsfEntity aux, OcsfMembers members)
    {
        switch (of.Uid)
        {
            case OcsfClass.AccountChange:
                target.WriteUser(json, "user"u8);
                break;
            case OcsfClass.UserAccess:
                aux.WriteUser(json, "user"u8);
                target.WriteResource(json, "vault"u8);
                break;
            case OcsfClass.GroupManagement when isOfGroup:
                aux.WriteNamed(json, "group"u8, default);
                target.WriteResource(json, "vault"u8);
                break;
            case OcsfClass.GroupManagement:
                target.WriteNamed(json, "group"u8, default);
                aux.WriteUser(json, "user"u8);
                break;
            default:
                target.WriteNamed(json, "entity"u8, members.Text(OcsfMember.ObjectType));
                break;
        }
    }

    static void WriteActor(NestedJson json, OcsfMembers members)
    {
        var actor = OcsfEntity.Actor(members);
        var session = members.Text(OcsfMember.SessionUuid);
        if (!actor.IsKnown && session.IsEmpty)
        {
            return;
        }

        json.Open("actor"u8);
        actor.WriteUser(json, "user"u8);
        if (!session.IsEmpty)
        {
            json.Open("session"u8);
            json.Raw("uid"u8, session);
            json.Close();
        }

        json.Close();
    }
}
