package io.espalier.service.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccessTest {
  @Test
  void slashAtTheEnd_isDropped_andTheTokenIsNotShown() {
    ServiceAccess access =
        new ServiceAccess(
            URI.create("http://localhost:7070/"), Optional.of("secret"), Optional.empty());

    assertThat(access.toString()).isEqualTo("http://localhost:7070");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:7070", "ftp://localhost", "/tmp", "http:x"})
  void addressOfAnotherKind_isRefused(String server) {
    assertThatThrownBy(
            () -> new ServiceAccess(URI.create(server), Optional.empty(), Optional.empty()))
        .hasMessageContaining("http://HOST:PORT");
  }

  @Test
  void tokenInTheClear_goesToThisMachineOnly() {
    URI elsewhere = URI.create("http://192.0.2.1:7070");

    assertThatThrownBy(() -> new ServiceAccess(elsewhere, Optional.of("secret"), Optional.empty()))
        .hasMessageContaining("https unless")
        .hasMessageNotContaining("secret");
    assertThat(new ServiceAccess(elsewhere, Optional.empty(), Optional.empty()).server())
        .isEqualTo(elsewhere);
  }
}
