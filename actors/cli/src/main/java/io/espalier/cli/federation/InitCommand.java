package io.espalier.cli.federation;

import io.espalier.console.ProgramName;
import io.espalier.federation.trust.Authority;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "init",
    description = {
      "Creates the authority that certifies a federation's server and devices.",
      "",
      "Its keys stay in a directory that only you can read. Devices check the server's name: give"
          + " each by which they will reach it."
    },
    sortOptions = false)
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "DNS name or IP address by which devices reach the server; may be repeated (default:"
              + " this machine's name). localhost is always added.")
  private List<String> hosts = List.of();

  @Mixin private AuthorityOption authority;

  @Override
  public Integer call() throws IOException {
    Authority made =
        Authority.create(
            authority.directory(),
            hosts.isEmpty() ? List.of(ownName()) : hosts,
            InstantSource.system());
    PrintWriter out = spec.commandLine().getOut();
    out.println("authority    " + made.directory());
    out.println("fingerprint  " + made.fingerprint().hex());
    out.println("host names   " + String.join(", ", made.hostNames()));
    out.println(
        ProgramName.inHints("next         espalier federate token --name DEVICE")
            + authority.repeated());
    return ExitCode.OK;
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
