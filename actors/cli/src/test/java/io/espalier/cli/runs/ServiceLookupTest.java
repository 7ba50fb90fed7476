package io.espalier.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.client.ServiceAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLookupTest {
  private static final String OWN = "http://127.0.0.1:7070";
  private static final String OTHER = "https://hub.example:7070";

  @TempDir private Path home;

  @Test
  void nothingNamed_isTheServiceOfTheHome() throws IOException {
    startedHere();

    ServiceAccess access = find(Map.of(), Optional.empty());

    assertThat(access.server()).isEqualTo(URI.create(OWN));
    assertThat(access.token()).hasValue("own");
  }

  @Test
  void tokenOfTheHome_goesToNoOtherService() throws IOException {
    startedHere();

    assertThat(find(Map.of("ESPALIER_SERVER", OTHER), Optional.empty()).token()).isEmpty();
    assertThat(find(Map.of(), Optional.of(OTHER)).token()).isEmpty();
    assertThat(find(Map.of(), Optional.of(OWN + "/")).token()).hasValue("own");
  }

  @Test
  void optionsWinOverTheEnvironment() throws IOException {
    Map<String, String> environment = Map.of("ESPALIER_SERVER", OWN, "ESPALIER_TOKEN", "other");

    ServiceAccess access = find(environment, Optional.of(OTHER));

    assertThat(access.server()).isEqualTo(URI.create(OTHER));
    assertThat(access.token()).hasValue("other");
  }

  @Test
  void noService_isRefusedWithBothWaysOut() {
    assertThatThrownBy(() -> find(Map.of(), Optional.empty()))
        .hasMessageContaining("espalier serve")
        .hasMessageContaining("--server");
  }

  @Test
  void addressThatIsNone_isRefused() {
    assertThatThrownBy(() -> find(Map.of(), Optional.of("hub example")))
        .hasMessageContaining("server=hub example");
    assertThatThrownBy(() -> find(Map.of(), Optional.of("hub:7070")))
        .hasMessageContaining("http://HOST:PORT");
  }

  private void startedHere() throws IOException {
    Files.writeString(home.resolve("address"), OWN + "\n");
    Files.writeString(home.resolve("token"), "own\n");
  }

  private ServiceAccess find(Map<String, String> environment, Optional<String> server)
      throws IOException {
    return new ServerOptions.ServiceLookup(environment, home)
        .find(server, Optional.empty(), Optional.empty());
  }
}
