using ServeBench.Processes.Commands;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>Node and the chart library, where they are installed; tests that need them are skipped where they are not.</summary>
internal static class Node
{
    private static readonly Lazy<string?> Missing = new(WhatIsMissing);

    public static NodeChartRenderer Renderer
    {
        get
        {
            Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
            return new NodeChartRenderer(new CommandRunner(), Repository.File("node_modules"));
        }
    }

    private static string? WhatIsMissing()
    {
        if (!Directory.Exists(Repository.File("node_modules", "echarts"))) return "the chart library is not installed: run npm ci";
        try
        {
            using var node = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            node.WaitForExit();
            return node.ExitCode == 0 ? null : "node --version fails";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"Node is not installed: {e.Message}";
        }
    }
}
