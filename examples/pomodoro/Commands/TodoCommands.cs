using System.CommandLine;
using Pomodoro.Model;

namespace Pomodoro.Commands;

/// <summary>The list of todos.</summary>
internal static class TodoCommands
{
    public static Command Create() => new("todo", "The list of todos.")
    {
        Add(),
        List(),
        Change("done", "Tick a todo off.", new TodoChange(Done: true)),
        Change("undo", "A todo is not done after all.", new TodoChange(Done: false)),
        Remove(),
    };

    private static Command Add()
    {
        var text = new Argument<string[]>("text") { Description = "What is to be done", Arity = ArgumentArity.OneOrMore };
        var command = new Command("add", "Add a todo.") { text };
        command.Asks(async (server, parsed, cancellationToken) => await PrintAsync(await server.AddAsync(string.Join(' ', parsed.GetValue(text)!), cancellationToken)));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Show all todos.");
        command.Asks(async (server, _, cancellationToken) =>
        {
            foreach (var todo in await server.TodosAsync(cancellationToken)) await PrintAsync(todo);
        });
        return command;
    }

    private static Command Change(string name, string description, TodoChange change)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        command.Asks(async (server, parsed, cancellationToken) => await PrintAsync(await server.ChangeAsync(parsed.GetValue(id), change, cancellationToken)));
        return command;
    }

    private static Command Remove()
    {
        var id = Id();
        var command = new Command("rm", "Remove a todo.") { id };
        command.Asks((server, parsed, cancellationToken) => server.RemoveAsync(parsed.GetValue(id), cancellationToken));
        return command;
    }

    private static Argument<int> Id() => new("id") { Description = "Its number" };

    private static Task PrintAsync(Todo todo) => Console.Out.WriteLineAsync(Words.Of(todo));
}
