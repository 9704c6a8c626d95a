using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Actors.Properties;

/// <summary>A tree of actors: what a node does about a child's failure, and its children.</summary>
internal sealed record TreeNode(Directive OnFailure, TreeNode[] Children)
{
    public int Count => 1 + Children.Sum(child => child.Count);

    public override string ToString() => $"{OnFailure}({string.Join(",", Children.Select(c => c.ToString()))})";
}

internal enum TreeCommandKind
{
    Work,
    Crash,
    StopSelf,
    Poison,
    StopFromOutside,
}

/// <summary>What is done to the node with that number (modulo the number of nodes).</summary>
internal sealed record TreeCommand(TreeCommandKind Kind, int Node);

internal sealed record TreePlan(TreeNode Root, TreeCommand[] Commands)
{
    public static Arbitrary<TreePlan> Any
    {
        get
        {
            var plans =
                from root in Node(3)
                from commands in Command.ArrayOf().Resize(60)
                select new TreePlan(root, commands);
            return Arb.From(plans, Smaller);
        }
    }

    private static Gen<TreeCommand> Command =>
        from kind in Gen.Frequency(
            (6, Gen.Constant(TreeCommandKind.Work)),
            (3, Gen.Constant(TreeCommandKind.Crash)),
            (1, Gen.Elements(TreeCommandKind.StopSelf, TreeCommandKind.Poison, TreeCommandKind.StopFromOutside)))
        from node in Gen.Choose(0, 100)
        select new TreeCommand(kind, node);

    public override string ToString() => $"{Root} {string.Join(" ", Commands.Select(c => $"{c.Kind}:{c.Node}"))}";

    private static Gen<TreeNode> Node(int depth) =>
        from directive in Gen.Elements(Directive.Resume, Directive.Restart, Directive.Restart, Directive.Stop, Directive.Escalate)
        from children in depth == 0 ? Gen.Constant(Array.Empty<TreeNode>()) : Gen.Choose(0, 3).SelectMany(n => Node(depth - 1).ArrayOf(n))
        select new TreeNode(directive, children);

    /// <summary>A failing plan is cut down: half of its commands, all but one, or a child less.</summary>
    private static IEnumerable<TreePlan> Smaller(TreePlan plan)
    {
        var count = plan.Commands.Length;
        if (count > 1)
        {
            yield return plan with { Commands = plan.Commands[..(count / 2)] };
            yield return plan with { Commands = plan.Commands[(count / 2)..] };
        }

        for (var i = 0; i < count; i++) yield return plan with { Commands = [.. plan.Commands[..i], .. plan.Commands[(i + 1)..]] };
        for (var i = 0; i < plan.Root.Children.Length; i++)
            yield return plan with { Root = plan.Root with { Children = [.. plan.Root.Children[..i], .. plan.Root.Children[(i + 1)..]] } };
    }
}
