using Bus.Core.Routes;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Routes;

public enum Act
{
    Next,
    Send,
    Throw,
    NextError,
    Nothing,
    NextThenThrow,
    NextThenSend,
}

public enum ErrorAct
{
    Pass,
    Look,
    Answer,
    Throw,
    Resume,
}

public sealed record PlannedHandler(int Id, Act Act, bool Yields);

public sealed record PlannedErrorHandler(int Id, ErrorAct Act);

/// <summary>One registration: the kind is app, path, all, none or a verb.</summary>
public sealed record Planned(string Kind, string Path, PlannedHandler[] Handlers, PlannedErrorHandler[] ErrorHandlers, RouterPlan? Router)
{
    public override string ToString() => $"{Kind} {Path} [{string.Join<PlannedHandler>(", ", Handlers)}] [{string.Join<PlannedErrorHandler>(", ", ErrorHandlers)}] {{{Router}}}";
}

/// <summary>A router that can be built, and be understood without it.</summary>
public sealed record RouterPlan(Planned[] Parts)
{
    private static readonly Gen<int> Id = Gen.Choose(1, 9999);

    // Mostly on to the next, else not much would run.
    private static readonly Gen<PlannedHandler> Handler =
        from id in Id
        from act in Gen.Frequency((6, Gen.Constant(Act.Next)), (1, Gen.Elements(Enum.GetValues<Act>())))
        from yields in Gen.Elements(true, false)
        select new PlannedHandler(id, act, yields);

    private static readonly Gen<PlannedErrorHandler> ErrorHandler = from id in Id from act in Gen.Elements(Enum.GetValues<ErrorAct>()) select new PlannedErrorHandler(id, act);

    public static Gen<RouterPlan> Any { get; } = Of(depth: 2);

    public override string ToString() => string.Join("; ", Parts.AsEnumerable());

    /// <summary>The router itself; its handlers tell who they are.</summary>
    public BusRouter Build(Action<int> trace)
    {
        var router = new BusRouter();
        foreach (var part in Parts)
        {
            var handlers = new RouteHandlers();
            foreach (var handler in part.Handlers) handlers.Add(context => ActAsync(context, handler, trace));
            foreach (var handler in part.ErrorHandlers) handlers.Add((context, error) => ActAsync(context, error, handler, trace));
            _ = part switch
            {
                { Kind: "app", Router: { } nested } => router.Use(nested.Build(trace)),
                { Kind: "path", Router: { } nested } => router.Use(part.Path, nested.Build(trace)),
                { Kind: "app" } => router.Use(handlers),
                { Kind: "path" } => router.Use(part.Path, handlers),
                { Kind: "all" } => router.All(part.Path, handlers),
                { Kind: "none" } => router.NotFound([.. handlers.Cast<Func<RouteContext, ValueTask>>()]),
                _ => router.Map(part.Kind, part.Path, handlers),
            };
        }

        return router;
    }

    private static Gen<RouterPlan> Of(int depth) =>
        from parts in Part(depth).ListOf()
        select new RouterPlan([.. parts.Take(8)]);

    private static Gen<Planned> Part(int depth) =>
        from kind in Gen.Elements("app", "path", "all", "GET", "POST", "none", "router")
        from path in Gen.Elements("/", "/a", "/b", "/:x", "/a/b", "/a/:x", "/*")
        from handlers in Handler.NonEmptyListOf()
        from errorHandlers in ErrorHandler.ListOf()
        from at in Gen.Elements("app", "path")
        from router in kind == "router" && depth > 0 ? Of(depth - 1).Select(plan => (RouterPlan?)plan) : Gen.Constant<RouterPlan?>(null)
        select router is not null
            ? new Planned(at, path, [], [], router)
            : new Planned(kind == "router" ? "GET" : kind, path, [.. handlers.Take(3)], kind == "none" ? [] : [.. errorHandlers.Take(2)], null);

    private static async ValueTask ActAsync(RouteContext context, PlannedHandler handler, Action<int> trace)
    {
        trace(handler.Id);
        if (handler.Yields) await Task.Yield();
        if (handler.Act is Act.Next or Act.NextThenThrow or Act.NextThenSend) await context.NextAsync();
        if (handler.Act is Act.NextError) await context.NextAsync(new InvalidOperationException("given"));
        if (handler.Act is Act.Send or Act.NextThenSend) await context.Response.SendAsync($"{handler.Id}");
        if (handler.Act is Act.Throw or Act.NextThenThrow) throw new InvalidOperationException("thrown");
    }

    private static ValueTask ActAsync(RouteContext context, Exception error, PlannedErrorHandler handler, Action<int> trace)
    {
        trace(-handler.Id);
        return handler.Act switch
        {
            ErrorAct.Pass => context.NextAsync(error),
            ErrorAct.Answer => context.Response.SendAsync($"{-handler.Id}"),
            ErrorAct.Throw => throw new InvalidOperationException("worse"),
            ErrorAct.Resume => context.NextAsync(),
            _ => default,
        };
    }
}
