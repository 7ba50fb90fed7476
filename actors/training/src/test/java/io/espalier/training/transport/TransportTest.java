package io.espalier.training.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportTest {
  private static Transport transport;

  @BeforeAll
  static void start() {
    transport = Transport.start();
  }

  @AfterAll
  static void stop() {
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32_000, 100_000, 30_000_000})
  void receive_anyLength_givesTheBytesSent(int length) {
    ByteBuffer sent = random(length, 5);
    TransferId id = id(0, 1, length);

    CompletableFuture<Void> done = transport.send(id, sent).toCompletableFuture();
    ByteBuffer received = await(transport.receive(id).toCompletableFuture());
    await(done);

    assertThat(received).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(longs = {60, 3_600, 315_360_000, -315_360_000})
  void receive_afterTheWallClockStepped_givesTheBytesSent(long seconds) throws Exception {
    AtomicLong wallMs = new AtomicLong(System.currentTimeMillis());
    try (Transport own = Transport.start(wallMs::get)) {
      transfer(own, 1);
      wallMs.addAndGet(1_000 * seconds);

      // Driver and client look at their clocks once a second
      for (int sync = 2; sync < 40; sync++) {
        TimeUnit.MILLISECONDS.sleep(50);
        transfer(own, sync);
      }
    }
  }

  private static void transfer(Transport transport, long step) {
    ByteBuffer sent = random(1_000, step);
    CompletableFuture<Void> done = transport.send(id(0, 1, step), sent).toCompletableFuture();
    assertThat(await(transport.receive(id(0, 1, step)).toCompletableFuture())).isEqualTo(sent);
    await(done);
  }

  @Test
  void receive_transfersOfManyTrainers_keepsThemApart() {
    List<TransferId> ids = new ArrayList<>();
    for (int trainer = 0; trainer < 8; trainer++) {
      ids.add(id(trainer, 1, 1_000_000_000));
    }

    List<CompletableFuture<Void>> sent =
        ids.stream()
            .map(id -> transport.send(id, random(200_000, id.trainer())).toCompletableFuture())
            .toList();

    for (TransferId id : ids) {
      assertThat(await(transport.receive(id).toCompletableFuture()))
          .isEqualTo(random(200_000, id.trainer()));
    }
    sent.forEach(TransportTest::await);
  }

  @Test
  void release_ofReceivedBytes_givesLaterTransfersTheirMemory() {
    try (Transport own = Transport.start()) {
      Lane lane = own.lane();
      ByteBuffer first = receive(lane, id(0, 1, 1), random(100_000, 1));
      ByteBuffer kept = receive(lane, id(0, 1, 2), random(100_000, 2));

      lane.release(first);
      ByteBuffer smaller = receive(lane, id(0, 1, 3), random(90_000, 3));
      ByteBuffer another = receive(lane, id(0, 1, 4), random(90_000, 4));

      assertThat(smaller).isSameAs(first).isEqualTo(random(90_000, 3));
      assertThat(another).isNotSameAs(first).isEqualTo(random(90_000, 4));
      assertThat(kept).isEqualTo(random(100_000, 2));
    }
  }

  @Test
  void release_ofMuchMoreMemory_isNotUsedAgain() {
    try (Transport own = Transport.start()) {
      Lane lane = own.lane();
      ByteBuffer large = receive(lane, id(0, 1, 1), random(1_000_000, 1));

      lane.release(large);

      assertThat(receive(lane, id(0, 1, 2), random(100_000, 2))).isNotSameAs(large);
    }
  }

  private static ByteBuffer receive(Lane lane, TransferId id, ByteBuffer bytes) {
    await(lane.send(id, bytes).toCompletableFuture());
    return await(lane.receive(id).toCompletableFuture());
  }

  @Test
  void receive_afterNewIncarnation_forgetsWhatTheOldOneSent() {
    TransferId old = id(9, 1, 1);
    TransferId fresh = id(9, 2, 1);
    await(transport.send(old, random(10, 1)).toCompletableFuture());

    await(transport.send(fresh, random(10, 2)).toCompletableFuture());
    ByteBuffer received = await(transport.receive(fresh).toCompletableFuture());

    assertThat(received).isEqualTo(random(10, 2));
    assertThatThrownBy(() -> await(transport.receive(old).toCompletableFuture()))
        .hasMessageContaining("new incarnation");
  }

  @Test
  void close_whileWaiting_failsTheReceiver() {
    Transport closing = Transport.start();
    CompletableFuture<ByteBuffer> waiting = closing.receive(id(0, 1, 1)).toCompletableFuture();

    closing.close();

    assertThatThrownBy(() -> waiting.orTimeout(120, TimeUnit.SECONDS).join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("closed");
  }

  private static TransferId id(int trainer, int incarnation, long number) {
    return new TransferId(1, trainer, incarnation, TransferId.Direction.TO_COORDINATOR, number);
  }

  private static ByteBuffer random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(120, TimeUnit.SECONDS).join();
  }
}
