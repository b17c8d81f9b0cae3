import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Utils;

/**
 * Writes key-partitions.json: what the Java client's hash and default partitioner say of keys.
 * Run it with the jars that `npm start` fetched:
 *   java -cp '.sori/jars/<version>/*' packages/contract/golden/KeyPartitions.java > packages/contract/golden/key-partitions.json
 */
public class KeyPartitions {
  private static final int[] PARTITIONS = {1, 2, 3, 6, 10, 12, 64};

  public static void main(String[] arguments) {
    List<byte[]> keys = new ArrayList<>();
    for (String text : new String[] {
      "", "1", "12", "123", "1234", "12345", "user_id", "room_id", "min:max", "소리", "방-서울", "👋🏽", "é", "é"
    }) {
      keys.add(text.getBytes(StandardCharsets.UTF_8));
    }
    Random random = new Random(20260323);
    for (int length = 1; length <= 64; length++) {
      byte[] key = new byte[length];
      random.nextBytes(key);
      keys.add(key);
    }
    for (int index = 0; index < 64; index++) {
      String id = new java.util.UUID(random.nextLong(), random.nextLong()).toString();
      keys.add(id.getBytes(StandardCharsets.UTF_8));
    }
    StringBuilder json = new StringBuilder();
    json.append("{\n  \"madeWith\": \"kafka-clients ").append(AppInfoParser.getVersion()).append("\",\n");
    json.append("  \"keys\": [\n");
    for (int index = 0; index < keys.size(); index++) {
      byte[] key = keys.get(index);
      json.append("    { \"keyHex\": \"");
      for (byte b : key) json.append(String.format("%02x", b));
      json.append("\", \"murmur2\": ").append(Utils.murmur2(key)).append(", \"partitionOf\": {");
      for (int at = 0; at < PARTITIONS.length; at++) {
        int partition = BuiltInPartitioner.partitionForKey(key, PARTITIONS[at]);
        json.append(at == 0 ? " " : ", ").append('"').append(PARTITIONS[at]).append("\": ").append(partition);
      }
      json.append(" } }").append(index + 1 < keys.size() ? ",\n" : "\n");
    }
    System.out.println(json.append("  ]\n}"));
  }
}
