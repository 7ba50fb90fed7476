package io.espalier.actors.cli.federation;

import io.espalier.actors.cli.host.EspalierHome;
import io.espalier.actors.federation.trust.EnrolmentToken;
import io.espalier.actors.federation.trust.device.Identity;
import io.espalier.actors.federation.trust.device.ServerAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code espalier enrol}: gets this device a certificate of a federation. */
@Command(
    name = "enrol",
    description = {
      "Have a federation's server certify this device.",
      "",
      "The device's key is made here and never leaves it. The token tells which server is the right"
          + " one; it is used up."
    },
    sortOptions = false)
public final class EnrolCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where the federation's server listens.")
  private String server = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      required = true,
      description = "What 'espalier federate token' printed on the server.")
  private String token = "";

  @Option(
      names = "--identity",
      paramLabel = "DIR",
      description =
          "Directory for key and certificate (default: edge/HOST_PORT in the Espalier home).")
  private Optional<Path> identity = Optional.empty();

  @Override
  public Integer call() throws IOException {
    ServerAddress address = ServerAddress.parse(server);
    Path directory = identity.orElseGet(() -> Identity.directory(EspalierHome.path(), address));
    Identity enrolled = Identity.enrol(directory, address, EnrolmentToken.parse(token));
    PrintWriter out = spec.commandLine().getOut();
    out.println("enrolled as  " + enrolled.name());
    out.println("identity     " + enrolled.directory());
    out.println("expires      " + enrolled.expires() + "; renewed while the device takes part");
    out.println(
        "next         espalier edge --server "
            + address
            + identity.map(each -> " --identity " + each).orElse(""));
    return ExitCode.OK;
  }
}
