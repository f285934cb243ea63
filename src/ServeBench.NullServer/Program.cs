using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServeBench.Domain.Faults;
using ServeBench.NullServer;

var faults = new FaultList();
if (CommandLine.Parse(args, faults) is not { } options)
{
    Console.WriteLine(CommandLine.Help);
    return ExitCodes.Success;
}
if (faults.Count > 0)
{
    foreach (var fault in faults) Console.Error.WriteLine(fault);
    return ExitCodes.Usage;
}
try
{
    using var server = NullServerHost.Start(options);
    using var stopped = new ManualResetEventSlim();
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    Console.WriteLine($"http://{server.EndPoint}/");
    stopped.Wait();
    return 0;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopped.Set();
    }
}
catch (SocketException e)
{
    Console.Error.WriteLine(
        $"--port={options.Port}: cannot listen on 127.0.0.1:{options.Port}: {e.Message}. Choose another port, or 0 for a free one.");
    return 1;
}
