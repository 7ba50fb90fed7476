package io.espalier.cli;

import io.espalier.configs.file.AtomicFile;
import io.espalier.console.CommandRefusedException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "install",
    description = {
      "Puts the command espalier on the path, with its completion in bash and its man page.",
      "",
      "bin/espalier below the prefix becomes a link to this launcher, so that it stays where it is;"
          + " delete the three files that are printed to undo it."
    },
    sortOptions = false)
final class InstallCommand implements Callable<Integer> {
  private static final String LAUNCHER = "espalier.launcher";
  private static final Path OF_ALL = Path.of("/usr/local");

  @Spec private CommandSpec spec;

  @Option(
      names = "--prefix",
      paramLabel = "DIR",
      description =
          "Directory with bin and share (default: /usr/local where you may write to its bin, else"
              + " ~/.local).")
  private Optional<Path> prefix = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Path launcher = launcher();
    Path into = prefix.orElseGet(InstallCommand::usual).toAbsolutePath().normalize();
    Path bin = into.resolve("bin");
    Path command = link(bin, launcher);
    Path completion =
        write(
            into.resolve("share/bash-completion/completions/espalier"),
            AutoComplete.bash("espalier", Espalier.commandLine()));
    Path manual =
        write(into.resolve("share/man/man1/espalier.1"), ManualPage.of(Espalier.commandLine()));
    PrintWriter out = spec.commandLine().getOut();
    out.println("command     " + command + " -> " + launcher);
    out.println("completion  " + completion + ", in shells that start from now on");
    out.println("man page    " + manual);
    if (!isOnPath(bin)) {
      out.println("next        export PATH=\"" + bin + ":$PATH\"");
    }
    out.flush();
    return ExitCode.OK;
  }

  private static Path launcher() {
    return Optional.ofNullable(System.getProperty(LAUNCHER))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .orElseThrow(
            () ->
                new CommandRefusedException(
                    "what is installed must be the launcher espalier, and this process was started"
                        + " without it: start ./espalier install"));
  }

  private static Path usual() {
    if (Files.isWritable(OF_ALL.resolve("bin"))) {
      return OF_ALL;
    }
    String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home", "."));
    return Path.of(home, ".local");
  }

  /** Replaces a link, of another checkout perhaps; a file that is no link stays. */
  private static Path link(Path bin, Path launcher) throws IOException {
    Path command = bin.resolve("espalier");
    if (Files.exists(command, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(command)) {
      throw new CommandRefusedException(
          "the command must be new, or a link that is replaced: file=%s; remove it, or take another --prefix"
              .formatted(command));
    }
    Files.createDirectories(bin);
    Files.deleteIfExists(command);
    return Files.createSymbolicLink(command, launcher);
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    return file;
  }

  private static boolean isOnPath(Path bin) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(entry -> bin.equals(Path.of(entry).toAbsolutePath().normalize()));
  }
}
