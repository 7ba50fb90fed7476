package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.AttendCall;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Goodbye;
import io.espalier.federation.server.TestGateway.Heard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManyClientsTest {
  private static final int CLIENTS = 1000;

  @Test
  void clients_aThousandAtOnce_allAttendAndAllHear(@TempDir Path directory) throws Exception {
    try (TestGateway wire = new TestGateway(directory)) {
      // Given
      List<Heard> all = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        Heard heard = new Heard();
        AttendCall call = wire.link("client-" + client).attend(heard);
        call.send(TestGateway.hello(1));
        all.add(heard);
      }
      for (Heard heard : all) {
        assertThat(heard.next().hasWelcome()).isTrue();
      }
      int connected = wire.gateway().connections();

      // When
      FromServer last =
          FromServer.newBuilder().setGoodbye(Goodbye.newBuilder().setReason("finished")).build();
      wire.handler.sessions.values().forEach(session -> session.end(last));

      // Then
      assertThat(connected).isEqualTo(CLIENTS);
      for (Heard heard : all) {
        assertThat(heard.next()).isEqualTo(last);
        assertThat(heard.end()).isEmpty();
      }
      TestGateway.until(() -> wire.handler.sessions.isEmpty());
      assertThat(wire.handler.refusals).isEmpty();
    }
  }
}
