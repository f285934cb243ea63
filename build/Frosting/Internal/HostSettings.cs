using System.ComponentModel;
using Cake.Cli;
using Cake.Core.Diagnostics;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>Cake's own options. A program's options are what remains; tasks read them from the context's arguments.</summary>
internal sealed class HostSettings : CommandSettings
{
    [CommandOption("--target|-t <TARGET>")]
    [DefaultValue("Default")]
    public string[] Targets { get; set; } = [];

    [CommandOption("--working|-w <PATH>")]
    public string? WorkingDirectory { get; set; }

    [CommandOption("--verbosity|-v <VERBOSITY>")]
    [TypeConverter(typeof(VerbosityConverter))]
    [DefaultValue(Verbosity.Normal)]
    public Verbosity Verbosity { get; set; }

    [CommandOption("--description|--showdescription")]
    public bool Description { get; set; }

    [CommandOption("--tree|--showtree")]
    public bool Tree { get; set; }

    [CommandOption("--dryrun|--noop|--whatif")]
    public bool DryRun { get; set; }

    [CommandOption("--exclusive|-e")]
    public bool Exclusive { get; set; }
}
