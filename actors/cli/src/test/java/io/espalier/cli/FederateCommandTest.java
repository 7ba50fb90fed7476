package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.federation.trust.EnrolmentToken;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class FederateCommandTest {
  @TempDir private Path directory;

  @Test
  void init_saysWhatItMadeAndWhatComesNext() {
    CommandRun run = federate("init", "--host", "hub.example", "--host", "192.0.2.7");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .anyMatch(line -> line.equals("authority    " + authority()))
        .anyMatch(line -> line.matches("fingerprint  [0-9a-f]{64}"))
        .anyMatch(line -> line.startsWith("host names   hub.example, 192.0.2.7, localhost"))
        .anyMatch(
            line ->
                line.equals(
                    "next         espalier federate token --name DEVICE --authority "
                        + authority()));
  }

  @Test
  void init_withoutHost_takesTheMachinesName() {
    assertThat(federate("init").exitCode()).isZero();
    assertThat(authority().resolve("server.pem")).isRegularFile();
  }

  @Test
  void init_twice_isRefused() {
    federate("init");

    CommandRun run = federate("init");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("espalier: an authority must not replace another");
  }

  @Test
  void token_isTheOnlyLineOfItsOutput() {
    federate("init");

    CommandRun run = federate("token", "--name", "kitchen", "--valid", "2d");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(EnrolmentToken.parse(run.out())).isNotNull();
    assertThat(run.err())
        .startsWith("admits one device as kitchen until ")
        .contains("espalier enrol --server HOST:PORT --token-file FILE")
        .doesNotContain("already");
  }

  @Test
  void token_intoAFile_isItsOwnersAlone_andIsNotPrinted() throws IOException {
    federate("init");
    Path file = directory.resolve("kitchen.token");

    CommandRun run = federate("token", "--name", "kitchen", "-o", file.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(EnrolmentToken.parse(Files.readString(file).strip())).isNotNull();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void token_withoutName_makesOneUp() {
    federate("init");

    assertThat(federate("token").err()).containsPattern("as device-[0-9a-f]{8} until");
  }

  @Test
  void token_withoutAuthority_saysHowToMakeOne() {
    CommandRun run = federate("token");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("make one with 'espalier federate init'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1 parsec", "-1h", "0h", "soon", "${PATH}"})
  void token_validForNoTime_isRefused(String valid) {
    federate("init");

    CommandRun run = federate("token", "--valid", valid);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsPattern("a (time|token) must be ");
  }

  @Test
  void device_enrolsIsListedAndIsRevoked() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(directory, InstantSource.system())) {
      // Given
      String token = federate("token", "--name", "kitchen").out().strip();

      // When
      CommandRun enrolled =
          CommandRun.of(
              "enrol",
              "--server",
              server.address().toString(),
              "--token",
              token,
              "--identity",
              device().toString());
      CommandRun listed = federate("clients");
      JsonNode json = new ObjectMapper().readTree(federate("clients", "--json").out());
      CommandRun again = federate("token", "--name", "kitchen");
      CommandRun revoked = federate("revoke", "kitchen");

      // Then
      assertThat(enrolled.err()).isEmpty();
      assertThat(enrolled.out())
          .contains(
              "enrolled as  kitchen",
              "identity     " + device(),
              "espalier edge --server " + server.address() + " --identity " + device());
      assertThat(Identity.open(device()).name()).isEqualTo("kitchen");
      assertThat(listed.out().lines())
          .hasSize(2)
          .anyMatch(line -> line.matches("kitchen +active +20.*Z"));
      assertThat(json.at("/0/name").asText()).isEqualTo("kitchen");
      assertThat(json.at("/0/state").asText()).isEqualTo("active");
      assertThat(json.at("/0/serials")).hasSize(1);
      assertThat(again.err()).contains("kitchen is enrolled already");
      assertThat(revoked.out()).contains("revoked kitchen: certificates=1, tokens=1");
      assertThat(federate("clients").out()).containsPattern("kitchen +revoked +-");
    }
  }

  @Test
  void enrol_withUsedToken_failsWithTheServersWords() throws IOException {
    try (LoopbackServer server = LoopbackServer.start(directory, InstantSource.system())) {
      String token = server.token("kitchen").text();
      String[] arguments = {
        "enrol",
        "--server",
        server.address().toString(),
        "--token",
        token,
        "--identity",
        device().toString(),
        "--replace"
      };
      assertThat(CommandRun.of(arguments).exitCode()).isZero();

      CommandRun run = CommandRun.of(arguments);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("espalier: a token must be known, unused and not expired")
          .doesNotContain("Exception");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "hub:0", "hub:65536", "hub:x", "::1:80", "http://hub:80"})
  void enrol_withoutProperAddress_isRefused(String server) {
    CommandRun run = CommandRun.of("enrol", "--server", server, "--token", "any");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must be HOST:PORT", "address=" + server);
  }

  @Test
  void clients_whenThereAreNone_saysHowToAdmitOne() {
    federate("init");

    CommandRun run = federate("clients");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("espalier federate token --name DEVICE");
    assertThat(federate("clients", "--json").out()).startsWith("[").contains("]");
  }

  @Test
  void revoke_ofNobody_isRefused() {
    federate("init");

    CommandRun run = federate("revoke", "attic");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("name=attic; enrolled: none");
  }

  @Test
  void federate_alone_isRefused_andItsHelpListsWhatThereIs() {
    assertThat(CommandRun.of("federate").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("federate", "--help").out())
        .contains("init", "token", "clients", "revoke");
  }

  private CommandRun federate(String command, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "federate";
    all[1] = command;
    all[2] = "--authority";
    all[3] = authority().toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return CommandRun.of(all);
  }

  private Path authority() {
    return directory.resolve("authority");
  }

  private Path device() {
    return directory.resolve("device");
  }
}
