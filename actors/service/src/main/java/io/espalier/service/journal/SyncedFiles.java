package io.espalier.service.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Files of the embedded database whose every write is on the disk when it returns: names begin with
 * {@code forced:}. The database itself leaves that to the operating system, and a commit of the
 * last seconds would not survive the loss of power. Public, as the database makes instances.
 */
public final class SyncedFiles extends FilePathWrapper {
  static final String SCHEME = "forced";

  /** Called by the database, by reflection: the class must be public. */
  public SyncedFiles() {}

  static void register() {
    FilePath.register(new SyncedFiles());
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FileChannel channel = getBase().open(mode);
    return mode.equals("r") ? channel : new Forced(channel);
  }

  private static final class Forced extends FileBaseDefault {
    private final FileChannel channel;

    private Forced(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      int written = channel.write(source, position);
      channel.force(false);
      return written;
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
      return channel.read(target, position);
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      channel.force(metadata);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return channel.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      channel.close();
    }
  }
}
