using System.CommandLine;
using BenchmarkDotNet.Running;
using Bus.Benchmarks.Actors;
using Bus.Benchmarks.Allocations;
using Bus.Benchmarks.Client;
using Bus.Benchmarks.Compare;

var rest = new Argument<string[]>("arguments") { Description = "Options of BenchmarkDotNet" };
var benchmarks = new Command("micro", "Benchmarks of single parts, by BenchmarkDotNet.") { rest };
benchmarks.TreatUnmatchedTokensAsErrors = false;
benchmarks.SetAction(parsed => { BenchmarkSwitcher.FromAssembly(typeof(ActorFigures).Assembly).Run([.. parsed.GetValue(rest)!, .. parsed.UnmatchedTokens]); });

var allocations = new Command("allocations", "Measure the bytes allocated per message and compare them with what is expected; exit code 1 if there are more.");
allocations.SetAction(_ => AllocationGate.Run(Console.Out));

var root = new RootCommand("What IpcBus costs.") { CompareCommand.Create(), ClientCommand.Create(), FiguresCommand.Create(), allocations, benchmarks };
var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? 2 : exitCode;
