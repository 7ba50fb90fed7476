package io.espalier.telemetry.live;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.view.ReadModel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import org.junit.jupiter.api.Test;

final class ConsumerConnectionTest {
  @Test
  void open_wokenWhileNoBrokerAnswers_endsBeforeItsTimeout() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConsumerConnection connection =
            new ConsumerConnection(
                BrokerAccess.of("127.0.0.1:" + mute.getLocalPort()),
                new Positions(),
                new EventDispatcher(new ReadModel(Clock.systemUTC())))) {
      connection.wakeup();

      assertThatThrownBy(connection::open)
          .rootCause()
          .hasMessageNotContaining("Timed out")
          .hasMessageContaining("AdminClient");
    }
  }
}
