package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstallCommandTest {
  private static final String LAUNCHER = "espalier.launcher";

  @TempDir private Path directory;
  private Path launcher;

  @BeforeEach
  void start() throws IOException {
    launcher = Files.createFile(directory.resolve("launcher"));
    System.setProperty(LAUNCHER, launcher.toString());
  }

  @AfterEach
  void end() {
    System.clearProperty(LAUNCHER);
  }

  @Test
  void install_intoAPrefix_linksTheLauncherAndWritesCompletionAndManPage() throws Exception {
    Path prefix = directory.resolve("prefix");

    CommandRun run = CommandRun.of("install", "--prefix", prefix.toString());
    CommandRun again = CommandRun.of("install", "--prefix", prefix.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(again.exitCode()).as(again.err()).isZero();
    Path command = prefix.resolve("bin/espalier");
    assertThat(command).isSymbolicLink();
    assertThat(command.toRealPath()).isEqualTo(launcher.toRealPath());
    assertThat(run.out()).contains("export PATH=\"" + command.getParent() + ":$PATH\"");
    Path completion = prefix.resolve("share/bash-completion/completions/espalier");
    assertThat(bash("source '" + completion + "' && complete -p espalier"))
        .contains("-F _complete_espalier espalier");
    assertThat(prefix.resolve("share/man/man1/espalier.1"))
        .content()
        .startsWith(".TH ESPALIER 1\n.SH NAME\nespalier \\- Train neural networks")
        .contains(".SS espalier train RECIPE\n", ".SS espalier serve token create ")
        .doesNotContain("%n")
        .contains(".B \\-\\-resume=DIR\n", ".SH EXIT STATUS\n.TP\n.B 0\ndone\n");
  }

  @Test
  void install_overAFile_isRefused() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Files.writeString(bin.resolve("espalier"), "mine");

    CommandRun run = CommandRun.of("install", "--prefix", directory.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must be new, or a link", bin.resolve("espalier").toString());
    assertThat(bin.resolve("espalier")).hasContent("mine");
  }

  @Test
  void install_withoutTheLauncher_isRefused() {
    System.clearProperty(LAUNCHER);

    CommandRun run = CommandRun.of("install", "--prefix", directory.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("start ./espalier install");
  }

  private static String bash(String script) throws Exception {
    Process process = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
