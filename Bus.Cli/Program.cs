using Bus.Cli.Commands;

return await IpcBusCommand.RunAsync(args);
