using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Hosting;

namespace ServeBench.OnnxServer;

/// <summary>The program, from its arguments to its exit code.</summary>
internal static class ServerProgram
{
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        // Whatever the environment says of globalisation, numbers look the same everywhere.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var faults = new FaultList();
        // The command line counts before the environment, and that before the file.
        var values = CommandLineSource.Read(arguments, faults);
        if (values.Has(ServerOptionList.Help))
        {
            await output.WriteAsync(ServerHelp.Render());
            return ExitCodes.Success;
        }
        if (values.Has(ServerOptionList.Version))
        {
            await output.WriteLineAsync(ProgramVersion.Text);
            return ExitCodes.Success;
        }
        try
        {
            values.FillFrom(EnvironmentSource.Read(Environment.GetEnvironmentVariables(), faults));
            values.FillFrom(FileSource.Read(values.Value(ServerOptionList.Config)?.Text, faults));
            var options = new ServerOptionsReader(values, faults).Read();
            faults.ThrowIfAny();
            if (values.Has(ServerOptionList.PrintConfig))
            {
                await output.WriteAsync(ConfigurationText.Render(options, values));
                return ExitCodes.Success;
            }
            await using var server = await ServerHost.StartAsync(options, CancellationToken.None);
            await server.WaitForShutdownAsync();
            return ExitCodes.Success;
        }
        catch (FaultException e)
        {
            foreach (var fault in e.Faults) await errors.WriteLineAsync(fault.ToString());
            await errors.WriteLineAsync("Nothing was started. See --help.");
            return ExitCodes.Usage;
        }
        catch (RunFailedException e)
        {
            await errors.WriteLineAsync($"{e.Message.TrimEnd('.')}.{(e.Remedy.Length > 0 ? $" {e.Remedy.TrimEnd('.')}." : "")}");
            return ExitCodes.Failed;
        }
    }
}
