package io.espalier.trainer.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stream whose records are all in memory, and arrive when they are let. */
public final class MemoryStream implements ExampleStream {
  private final List<List<StreamRecord>> partitions;
  private final List<String> skips = new ArrayList<>();
  private volatile long arrived = Long.MAX_VALUE;

  /** Records of each partition, by offset. */
  public MemoryStream(List<List<StreamRecord>> partitions) {
    this.partitions = partitions.stream().map(List::copyOf).toList();
  }

  /** Deals records to partitions in turn, with a gap after every fifth offset. */
  public static MemoryStream dealt(List<StreamRecord.Content> contents, int partitions) {
    List<List<StreamRecord>> dealt = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      dealt.add(new ArrayList<>());
    }
    for (int i = 0; i < contents.size(); i++) {
      List<StreamRecord> partition = dealt.get(i % partitions);
      int offset = 100 + partition.size() + partition.size() / 5;
      partition.add(new StreamRecord(offset, contents.get(i)));
    }
    return new MemoryStream(dealt);
  }

  /** The same without one record of the first partition, as compaction leaves it. */
  public MemoryStream without(int index) {
    List<List<StreamRecord>> fewer = new ArrayList<>();
    partitions.forEach(partition -> fewer.add(new ArrayList<>(partition)));
    fewer.get(0).remove(index);
    return new MemoryStream(fewer);
  }

  /** Only so many records of each partition are there as yet. */
  public void let(long records) {
    arrived = records;
  }

  public List<String> skips() {
    return skips;
  }

  @Override
  public StreamPosition start() {
    return StreamPosition.startingAt(partitions.stream().map(each -> 100L).toList());
  }

  @Override
  public Reader open(StreamPosition from, RecordFormat format) {
    return new MemoryReader(from);
  }

  @Override
  public void skipped(int partition, StreamRecord record, StreamRecord.Malformed content) {
    skips.add(partition + "@" + record.offset() + ": " + content.reason());
  }

  private final class MemoryReader implements Reader {
    private final int[] next;

    MemoryReader(StreamPosition from) {
      next = new int[partitions.size()];
      for (int p = 0; p < next.length; p++) {
        List<StreamRecord> records = partitions.get(p);
        while (next[p] < records.size() && records.get(next[p]).offset() < from.offsets().get(p)) {
          next[p]++;
        }
      }
    }

    @Override
    public Optional<StreamRecord> next(int partition, Duration limit) {
      List<StreamRecord> records = partitions.get(partition);
      int at = next[partition];
      if (at >= Math.min(arrived, records.size())) {
        return Optional.empty();
      }
      next[partition]++;
      return Optional.of(records.get(at));
    }

    @Override
    public void close() {}
  }
}
