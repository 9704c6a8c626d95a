namespace Bus.Tests.Core.Routes;

/// <summary>What the documentation says that a router does, put down as plainly as possible: first everything that matches in a row, then one after the other.</summary>
internal sealed class NaiveRouter
{
    private static readonly string[] Order = ["app", "path", "all", "verb", "none"];

    private readonly List<(PlannedHandler Handler, PlannedErrorHandler[] Errors)> _row;
    private bool _failed;

    public NaiveRouter(RouterPlan plan, string verb, string path)
    {
        _row = [.. Row(plan, verb, path.Split('/', StringSplitOptions.RemoveEmptyEntries), [])];
        Run(0);
    }

    /// <summary>Who ran; error handlers are negative.</summary>
    public List<int> Trace { get; } = [];

    /// <summary>Who answered. Null: nobody.</summary>
    public int? Sender { get; private set; }

    public int Status => Sender is not null ? 200 : _failed ? 500 : 404;

    private static IEnumerable<(PlannedHandler, PlannedErrorHandler[])> Row(RouterPlan plan, string verb, string[] segments, PlannedErrorHandler[] outer)
    {
        PlannedErrorHandler[] errors =
        [
            .. plan.Parts.Where(part => part.Kind == "path" && Rest(part.Path, segments, isPrefix: true) is not null).SelectMany(part => part.ErrorHandlers),
            .. plan.Parts.Where(part => part.Kind == "app").SelectMany(part => part.ErrorHandlers),
            .. outer,
        ];
        foreach (var part in plan.Parts.OrderBy(part => Math.Max(Array.IndexOf(Order, part.Kind), part.Kind is "GET" or "POST" ? 3 : 0)))
        {
            if (part.Kind is "GET" or "POST" && part.Kind != verb) continue;
            var rest = part.Kind is "app" or "none" ? segments : Rest(part.Path, segments, part.Kind == "path");
            if (rest is null) continue;
            foreach (var item in part.Router is { } nested ? Row(nested, verb, rest, errors) : []) yield return item;
            foreach (var handler in part.Handlers) yield return (handler, part.Kind is "app" or "path" ? errors : [.. part.ErrorHandlers, .. errors]);
        }
    }

    /// <summary>What a pattern leaves of the segments. Null: it does not match.</summary>
    private static string[]? Rest(string pattern, string[] segments, bool isPrefix)
    {
        var tokens = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (tokens is ["*"]) return [];
        if (tokens.Length > segments.Length || (!isPrefix && tokens.Length < segments.Length)) return null;
        return tokens.Where((token, at) => token[0] != ':' && token != segments[at]).Any() ? null : segments[tokens.Length..];
    }

    private void Run(int at)
    {
        if (at == _row.Count) return;
        var (handler, _) = _row[at];
        Trace.Add(handler.Id);
        if (handler.Act is Act.Next or Act.NextThenThrow or Act.NextThenSend) Run(at + 1);
        var isFine = handler.Act switch
        {
            Act.Next => true,
            Act.Send or Act.NextThenSend => Send(handler.Id),
            Act.Nothing => Sender is not null,
            _ => false,
        };
        if (!isFine) Fail(at);
    }

    private void Fail(int at)
    {
        foreach (var handler in _row[at].Errors)
        {
            Trace.Add(-handler.Id);
            switch (handler.Act)
            {
                case ErrorAct.Resume:
                    Run(at + 1);
                    return;
                case ErrorAct.Answer when Send(-handler.Id):
                case ErrorAct.Look when Sender is not null:
                    return;
            }
        }

        _failed = true;
    }

    private bool Send(int id)
    {
        if (Sender is not null) return false;
        Sender = id;
        return true;
    }
}
