package io.espalier.trainer.checkpoint;

import java.nio.file.Path;

/**
 * @param bytes of all its files
 */
public record WrittenCheckpoint(long step, Path directory, long bytes) {}
