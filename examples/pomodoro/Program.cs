// A pomodoro timer: a server, a command line and a terminal UI that talk over a bus. README.md shows how it is used.
using Pomodoro.Commands;

return await PomodoroCommand.RunAsync(args);
