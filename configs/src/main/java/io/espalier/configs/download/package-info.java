/** Downloads of files over HTTP that go on where they were interrupted. */
package io.espalier.configs.download;
