package io.espalier.trainer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StreamCursorTest {
  private static final ExampleFormat FORMAT = new ExampleFormat(1, List.of("a", "b"));
  private static final StreamRecord.Malformed BAD = new StreamRecord.Malformed("bad");

  private static StreamRecord.Content example(int number) {
    return new StreamRecord.Example(new float[] {number}, 0);
  }

  private static StreamRecord.Content numbered(int number) {
    return number % 7 == 3 ? BAD : example(number);
  }

  private static MemoryStream stream(int records, int partitions) {
    return MemoryStream.dealt(
        IntStream.range(0, records).mapToObj(StreamCursorTest::numbered).toList(), partitions);
  }

  private static List<Integer> read(StreamCursor cursor) {
    List<Integer> numbers = new ArrayList<>();
    float[] value = new float[1];
    for (Optional<StreamRecord.Example> next = cursor.next(Duration.ZERO);
        next.isPresent();
        next = cursor.next(Duration.ZERO)) {
      next.get().copyTo(value, 0);
      numbers.add((int) value[0]);
    }
    return numbers;
  }

  @Test
  void next_severalPartitions_takesOneOfEachInTurn() {
    MemoryStream stream = stream(40, 3);

    List<Integer> read = read(new StreamCursor(stream, stream.start(), FORMAT));

    assertThat(read).isEqualTo(IntStream.range(0, 40).filter(i -> i % 7 != 3).boxed().toList());
    assertThat(stream.skips())
        .containsExactly(
            "0@101: bad", "1@103: bad", "2@106: bad", "0@109: bad", "1@112: bad", "2@114: bad");
  }

  @Test
  void next_aPartitionThatHasNothing_isWaitedForWhateverOthersHave() {
    List<StreamRecord> many = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      many.add(new StreamRecord(100 + i, example(i)));
    }
    MemoryStream stream =
        new MemoryStream(List.of(many, List.of(new StreamRecord(100, example(9)))));

    assertThat(read(new StreamCursor(stream, stream.start(), FORMAT))).containsExactly(0, 9, 1);
  }

  @Test
  void position_afterAnyExample_leadsOnToTheRest() {
    MemoryStream stream = stream(40, 3);
    List<Integer> all = read(new StreamCursor(stream, stream.start(), FORMAT));
    StreamCursor cursor = new StreamCursor(stream, stream.start(), FORMAT);

    for (int i = 0; i < all.size(); i++) {
      assertThat(cursor.next(Duration.ZERO)).isPresent();
      StreamPosition before = cursor.beforeLast();

      assertThat(before.accepted()).isEqualTo(i);
      assertThat(read(new StreamCursor(stream, before, FORMAT)))
          .isEqualTo(all.subList(i, all.size()));
      assertThat(read(new StreamCursor(stream, cursor.position(), FORMAT)))
          .isEqualTo(all.subList(i + 1, all.size()));
    }
    assertThat(cursor.position().skipped()).isEqualTo(6);
  }

  @Test
  void beforeLast_waitedForOrNot_isTheSame() {
    MemoryStream waited = stream(40, 2);
    MemoryStream free = stream(40, 2);
    StreamCursor slow = new StreamCursor(waited, waited.start(), FORMAT);
    StreamCursor fast = new StreamCursor(free, free.start(), FORMAT);

    for (int records = 0; records <= 20; records++) {
      waited.let(records);
      while (slow.next(Duration.ZERO).isPresent()) {
        assertThat(fast.next(Duration.ZERO)).isPresent();
        assertThat(slow.beforeLast()).isEqualTo(fast.beforeLast());
        assertThat(slow.position()).isEqualTo(fast.position());
      }
    }
    assertThat(slow.accepted()).isEqualTo(34);
  }

  @Test
  void holdOut_ofFivePercent_isEveryTwentieth() {
    HoldOut holdOut = new HoldOut(0.05);

    assertThat(IntStream.range(0, 100).filter(holdOut::contains))
        .containsExactly(19, 39, 59, 79, 99);
    assertThat(holdOut.precedes(19)).isFalse();
    assertThat(holdOut.precedes(20)).isTrue();
  }

  @Test
  void holdOut_ofAnyShare_isSpreadEvenly() {
    HoldOut holdOut = new HoldOut(0.3);

    assertThat(IntStream.range(0, 20).filter(holdOut::contains))
        .containsExactly(3, 6, 9, 13, 16, 19);
    assertThat(holdOut.count(20)).isEqualTo(6);
  }
}
