package io.espalier.cli.federation;

import io.espalier.console.DurationConverter;
import io.espalier.federation.trust.Authority;
import io.espalier.federation.trust.ClientRegister;
import io.espalier.federation.trust.EnrolmentToken;
import io.espalier.federation.trust.OwnerOnlyFiles;
import io.espalier.federation.trust.RegisteredClient.State;
import io.espalier.federation.trust.TokenStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    description = {
      "Makes a token that admits one device, once, and prints it.",
      "",
      "Whoever has it can enrol: carry it to the device as you would a password. It also"
          + " identifies the right server to the device."
    },
    sortOptions = false)
final class TokenCommand implements Callable<Integer> {
  private static final int NAME_BYTES = 4;

  @Spec private CommandSpec spec;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the federation calls the device (default: a name is made up).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "How long the device may take to enrol, such as 30m or 2d (default: 1h).")
  private Duration valid = Duration.ofHours(1);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the token to this file, which only its owner can read, and print none.")
  private Optional<Path> output = Optional.empty();

  @Mixin private AuthorityOption authority;

  @Override
  public Integer call() throws IOException {
    InstantSource clock = InstantSource.system();
    Authority opened = authority.open();
    String client = name.orElseGet(TokenCommand::madeUp);
    EnrolmentToken token =
        TokenStore.open(opened.directory(), clock).create(client, valid, opened.fingerprint());
    if (output.isPresent()) {
      OwnerOnlyFiles.write(output.get().toAbsolutePath(), token.text() + "\n");
    } else {
      spec.commandLine().getOut().println(token.text());
    }
    tellNext(client, clock.instant());
    if (isActive(client, ClientRegister.open(opened.directory(), clock), clock.instant())) {
      spec.commandLine()
          .getErr()
          .println(client + " is enrolled already: the new device will take its place");
    }
    return ExitCode.OK;
  }

  private void tellNext(String client, Instant now) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "admits one device as %s until %s; on the device:"
            .formatted(client, now.plus(valid).truncatedTo(ChronoUnit.SECONDS)));
    err.println("  espalier enrol --server HOST:PORT --token-file FILE");
  }

  private static boolean isActive(String client, ClientRegister register, Instant now) {
    return register.clients().stream()
        .anyMatch(each -> each.name().equals(client) && each.state(now) == State.ACTIVE);
  }

  private static String madeUp() {
    byte[] bytes = new byte[NAME_BYTES];
    new SecureRandom().nextBytes(bytes);
    return "device-" + HexFormat.of().formatHex(bytes);
  }
}
