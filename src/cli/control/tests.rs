use super::Order;

#[test]
fn orders_are_written_as_the_tests_of_browsers_write_them() {
    for line in [r#"{"clock":{"offset_ms":120000}}"#, r#"{"idle":true}"#, r#""user_list""#] {
        let order: Order = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&order).unwrap(), line);
    }
}

#[test]
fn an_order_does_not_print_what_it_holds() {
    let order = Order::UserPassword { sign_in: "ada".to_owned(), password: "hunter2hunter2".to_owned() };
    assert_eq!(format!("{order:?}"), "Order(…)");
}
